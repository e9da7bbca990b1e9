/* Arduino.h: a stand-in for that of Arduino's API. */
#ifndef STAND_IN_ARDUINO_H
#define STAND_IN_ARDUINO_H

#ifdef __cplusplus
extern "C" {
#endif

unsigned long millis(void);
void delay(unsigned long ms);

#ifdef __cplusplus
}

namespace arduino {}
/* As the cores have it that take the common API. */
using namespace arduino;
#endif

#endif
