/* Counts allocations, in a build apart: how many there are, and the most bytes that there are at once. */

#ifndef HEAP_H
#define HEAP_H

void heap_begin_task(const char *name);
void heap_begin(void);
/* Says how many allocations there have been, and the most bytes beyond those that there were before. */
void heap_end(void);

#endif
