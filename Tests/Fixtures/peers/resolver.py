"""A name server: each name of NAMES (name=address,address,…) is answered with its addresses one after the other.

The last one stays. An answer holds for no time, so that each look-up asks anew.
"""
import argparse
import ipaddress
import json
import socket
import struct
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, required=True)
arguments.add_argument("--out", required=True)
arguments.add_argument("names", nargs="*")
options = arguments.parse_args()

names = {}
for entry in options.names:
    name, _, addresses = entry.partition("=")
    names[name] = [ipaddress.ip_address(address) for address in addresses.split(",")]
asked = {}


def answer(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += 1 + query[at]
    question = query[12:at + 5]
    kind = struct.unpack(">H", query[at + 1:at + 3])[0]
    name = ".".join(labels)
    if name not in names:
        return query[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + question
    wanted = {1: 4, 28: 6}.get(kind)
    # Both kinds of a look-up get the same address of the list.
    turn = asked.setdefault(name, {1: 0, 28: 0})
    address = names[name][min(turn.get(kind, 0), len(names[name]) - 1)]
    if kind in turn:
        turn[kind] += 1
    with open(options.out, "a", encoding="utf-8") as out:
        out.write(json.dumps({"event": "asked", "at": time.time(), "name": name, "kind": kind, "answer": str(address)}) + "\n")
    records = b""
    if address.version == wanted:
        records = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(address.packed)) + address.packed
    return query[:2] + struct.pack(">HHHHH", 0x8180, 1, 1 if records else 0, 0, 0) + question + records


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", options.port))
# A port that accepts, for who waits until this runs.
tcp = socket.socket()
tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
tcp.bind(("127.0.0.1", options.port))
tcp.listen()
while True:
    query, peer = udp.recvfrom(4096)
    try:
        udp.sendto(answer(query), peer)
    except (IndexError, struct.error):
        pass
