/* SignIn: signs in over WiFi, on an ESP32-C3 or another chip that the library has an archive for. */
#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <creatio_arduino.h>
#include <sign_in.h>

static WiFiClientSecure client;
/* Of the authority that vouches for the site, in PEM. */
static const char CERTIFICATE[] = "";

void setup() {
    Serial.begin(115200);
    WiFi.begin("network", "its password");
    while (WiFi.status() != WL_CONNECTED) {
        delay(100);
    }
    client.setCACert(CERTIFICATE);
    creatio_arduino_begin(&client, nullptr, nullptr);
    creatio_sign_in("https://example.creatio.com", CREATIO_RUNTIME_NET, "Supervisor", "its password");
}

void loop() {
}
