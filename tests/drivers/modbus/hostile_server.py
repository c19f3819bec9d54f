# SPDX-License-Identifier: Apache-2.0
"""Malformed answers, each kind on a port of its own: prints "name framing port" for each, then serves for ever.

Nothing here is a valid answer to FC02 with 4 inputs of unit 1."""
import random
import socket
import threading


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return bytes([value & 0xFF, value >> 8])


def mbap(request, pdu, unit=1, transaction=None, protocol=0, length=None):
    number = request[:2] if transaction is None else transaction.to_bytes(2, "big")
    size = len(pdu) + 1 if length is None else length
    return number + protocol.to_bytes(2, "big") + size.to_bytes(2, "big") + bytes([unit]) + pdu


def rtu(pdu, unit=1):
    frame = bytes([unit]) + pdu
    return frame + crc(frame)


GOOD = bytes([2, 1, 0x0F])
dice = random.Random(7)
TCP = {
    "nothing": lambda q: b"",
    "half_a_header": lambda q: q[:3],
    "earlier_transaction": lambda q: mbap(q, GOOD, transaction=(int.from_bytes(q[:2], "big") - 1) % 65536),
    "other_protocol": lambda q: mbap(q, GOOD, protocol=1),
    "other_unit": lambda q: mbap(q, GOOD, unit=2),
    "other_function": lambda q: mbap(q, bytes([1, 1, 0x0F])),
    "unknown_function": lambda q: mbap(q, bytes([0x2B, 1, 0x0F])),
    "write_echo": lambda q: mbap(q, q[7:12]),
    "length_too_small": lambda q: mbap(q, GOOD, length=2),
    "length_too_large": lambda q: mbap(q, GOOD, length=200),
    "length_zero": lambda q: mbap(q, GOOD, length=0),
    "length_huge": lambda q: mbap(q, GOOD, length=0xFFFF),
    "more_bytes_than_asked": lambda q: mbap(q, bytes([2, 2, 0x0F, 0x0F])),
    "byte_count_lies": lambda q: mbap(q, bytes([2, 2, 0x0F])),
    "no_bytes": lambda q: mbap(q, bytes([2, 0])),
    "byte_count_of_250": lambda q: mbap(q, bytes([2, 250]) + bytes(250)),
    "only_a_function": lambda q: mbap(q, bytes([2])),
    "exception_without_code": lambda q: mbap(q, bytes([0x82])),
    "noise": lambda q: dice.randbytes(dice.randrange(1, 300)),
    "text": lambda q: b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "trailing_half": lambda q: mbap(q, GOOD, unit=3) + mbap(q, GOOD)[:5],
}
RTU = {
    "nothing": lambda q: b"",
    "first_byte_only": lambda q: bytes([1]),
    "bad_crc": lambda q: rtu(GOOD)[:-1] + bytes([rtu(GOOD)[-1] ^ 1]),
    "crc_swapped": lambda q: rtu(GOOD)[:-2] + rtu(GOOD)[-1:] + rtu(GOOD)[-2:-1],
    "no_crc": lambda q: bytes([1]) + GOOD,
    "other_unit": lambda q: rtu(GOOD, unit=2),
    "broadcast_unit": lambda q: rtu(GOOD, unit=0),
    "other_function": lambda q: rtu(bytes([1, 1, 0x0F])),
    "unknown_function": lambda q: rtu(bytes([0x2B, 1, 0x0F])),
    "echo_of_the_question": lambda q: q,
    "more_bytes_than_asked": lambda q: rtu(bytes([2, 2, 0x0F, 0x0F])),
    "no_bytes": lambda q: rtu(bytes([2, 0])),
    "byte_count_of_255": lambda q: rtu(bytes([2, 255]) + bytes(255)),
    "short": lambda q: rtu(GOOD)[:-1],
    "mbap_frame": lambda q: mbap(b"\0\1", GOOD),
    "noise": lambda q: dice.randbytes(dice.randrange(1, 300)),
    "noise_before": lambda q: bytes([0x55, 0xAA]) + rtu(GOOD),
}


def talk(client, answer, rtu_frames):
    try:
        while question := client.recv(512):
            if len(question) >= (8 if rtu_frames else 12):
                client.sendall(answer(question))
    except OSError:
        pass


def serve(listener, answer, rtu_frames):
    while True:
        client, _ = listener.accept()
        threading.Thread(target=talk, args=(client, answer, rtu_frames), daemon=True).start()


for framing, kinds in (("tcp", TCP), ("rtu", RTU)):
    for name, answer in kinds.items():
        listener = socket.create_server(("127.0.0.1", 0))
        print(name, framing, listener.getsockname()[1], flush=True)
        threading.Thread(target=serve, args=(listener, answer, framing == "rtu"), daemon=True).start()
print("end end 0", flush=True)
threading.Event().wait()
