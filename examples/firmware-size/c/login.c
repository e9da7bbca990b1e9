/* The least a firmware needs to sign in. */
#include "program.h"

bool run(void) {
    return sign_in(MEMORY_SIZE);
}
