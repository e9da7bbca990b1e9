/* Reads tasks, and says what has been found: see src/lib.rs and src/task.rs, which do the same. */

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HEAP
#include "heap.h"
#endif

/* Callgrind counts from the beginning of this function to its end, and finds it by its name. */
void bench_counted(const struct task *task, char *prepared, size_t size, size_t rounds, work *work);

__attribute__((noinline, noclone, used)) void bench_counted(const struct task *task, char *prepared, size_t size, size_t rounds,
                                             work *work)
{
    for (size_t round = 0; round < rounds; round++)
        work(task, prepared + round * size);
}

void count_each(const struct task *task, void *prepared, size_t size, size_t rounds, work *work)
{
#ifdef HEAP
    heap_begin();
#endif
    bench_counted(task, prepared, size, rounds, work);
#ifdef HEAP
    heap_end();
#endif
}

void must(bool is, const char *what)
{
    if (!is) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

void *take(size_t len)
{
    void *memory = calloc(1, len ? len : 1);
    must(memory != NULL, "no memory");
    return memory;
}

void *grow(void *memory, size_t len)
{
    memory = realloc(memory, len);
    must(memory != NULL, "no memory");
    return memory;
}

void put(struct text *text, const char *bytes, size_t len)
{
    if (text->room - text->len < len) {
        text->room = 2 * text->room + len;
        text->data = grow(text->data, text->room);
    }
    memcpy(text->data + text->len, bytes, len);
    text->len += len;
}

void put_string(struct text *text, const char *string)
{
    put(text, string, strlen(string));
}

void put_line(struct text *text, const char *name, const char *value, size_t len)
{
    put_string(text, name);
    put_string(text, " ");
    if (value)
        put(text, value, len);
    else
        put_string(text, "none");
    put_string(text, "\n");
}

void put_number(struct text *text, const char *name, long number)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%ld", number);
    put_line(text, name, digits, (size_t)len);
}

static struct bytes read_file(const char *name)
{
    FILE *file = fopen(name, "rb");
    must(file != NULL, name);
    fseek(file, 0, SEEK_END);
    struct bytes bytes = {NULL, (size_t)ftell(file)};
    rewind(file);
    bytes.data = take(bytes.len);
    must(fread(bytes.data, 1, bytes.len, file) == bytes.len, name);
    fclose(file);
    return bytes;
}

/* So many characters, with what JSON has to escape at their end. */
static char *password_of(size_t len)
{
    char *password = take(len + 3);
    if (len > 2)
        memset(password, 'p', len - 2);
    strcat(password, "\"\\");
    return password;
}

static enum operation operation_of(const char *name)
{
    static const char *const names[] = {"login", "call", "ask", "get", "sign-in", "snapshot", "restore"};
    size_t index = 0;
    while (index < sizeof names / sizeof *names && strcmp(name, names[index]) != 0)
        index++;
    must(index < sizeof names / sizeof *names, name);
    return (enum operation)index;
}

static void set(struct task *task, const char *key, const char *value)
{
    size_t number = strtoul(value, NULL, 10);
    if (strcmp(key, "name") == 0)
        snprintf(task->name, sizeof task->name, "%s", value);
    else if (strcmp(key, "operation") == 0)
        task->operation = operation_of(value);
    else if (strcmp(key, "rounds") == 0)
        task->rounds = number;
    else if (strcmp(key, "reply") == 0)
        task->reply = read_file(value);
    else if (strcmp(key, "before") == 0)
        task->before = read_file(value);
    else if (strcmp(key, "piece") == 0)
        task->piece = number;
    else if (strcmp(key, "buffer") == 0)
        task->buffer = number;
    else if (strcmp(key, "memory") == 0)
        task->memory = number;
    else if (strcmp(key, "close") == 0)
        task->close = number != 0;
    else if (strcmp(key, "json") == 0)
        task->json = number != 0;
    else if (strcmp(key, "password") == 0) {
        free(task->password);
        task->password = password_of(number);
    } else
        must(false, key);
}

static void run(char *line)
{
    struct task task = {.rounds = 1, .piece = SIZE_MAX, .buffer = 512, .memory = 16 * 1024, .json = true};
    task.password = password_of(12);
    for (char *part = strtok(line, " \n"); part; part = strtok(NULL, " \n")) {
        char *value = strchr(part, '=');
        must(value != NULL, part);
        *value++ = '\0';
        set(&task, part, value);
    }
    if (task.rounds > 1)
        free(perform(&task, 1).data);
#ifdef HEAP
    heap_begin_task(task.name);
#endif
    free(perform(&task, task.rounds).data);
    struct bytes answer = perform(&task, 2 * task.rounds);
    printf("answer %s %zu\n", task.name, answer.len);
    fwrite(answer.data, 1, answer.len, stdout);
    printf("\n");
    free(answer.data);
    free(task.reply.data);
    free(task.before.data);
    free(task.password);
}

int main(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin))
        run(line);
    return 0;
}
