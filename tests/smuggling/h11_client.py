"""Asks for /0, /1 and so on by h11, and prints status and body of each, or "refused"."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import h11

port, methods = int(sys.argv[1]), sys.argv[2].split(",")


def ask(number):
    stream = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection = h11.Connection(h11.CLIENT)
    request = h11.Request(method=methods[number], target=f"/{number}", headers=[("Host", "localhost")])
    stream.sendall(connection.send(request) + connection.send(h11.EndOfMessage()))
    status, body = 0, b""
    try:
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(stream.recv(65536))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return f"{status} {body.hex()}"
            elif not isinstance(event, h11.InformationalResponse):
                return "refused"
    except h11.RemoteProtocolError:
        return "refused"
    finally:
        stream.close()


with ThreadPoolExecutor(16) as pool:
    for line in pool.map(ask, range(len(methods))):
        print(line)
