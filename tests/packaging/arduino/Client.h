/* Client.h: a stand-in for that of Arduino's API, with what the port uses of it. */
#ifndef STAND_IN_CLIENT_H
#define STAND_IN_CLIENT_H

#include <stddef.h>
#include <stdint.h>

namespace arduino {

class Client {
  public:
    virtual int connect(const char *host, uint16_t port) = 0;
    virtual size_t write(uint8_t byte) = 0;
    virtual size_t write(const uint8_t *bytes, size_t size) = 0;
    virtual int available() = 0;
    virtual int read() = 0;
    virtual int read(uint8_t *bytes, size_t size) = 0;
    virtual void stop() = 0;
    virtual uint8_t connected() = 0;
};

} // namespace arduino

#endif
