# SPDX-License-Identifier: Apache-2.0
"""An independent Modbus server: unit 1 with coils, discrete inputs and registers, input 1 set.

Without an argument Modbus TCP, and prints its port; with the path of a serial port Modbus RTU on it, and prints 1."""
import asyncio
import socket
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def main():
    inputs = ModbusSequentialDataBlock(0, [0, 1, 0, 0, 0, 0, 0, 0])
    board = ModbusSlaveContext(di=inputs, co=ModbusSequentialDataBlock(0, [0] * 8),
                               hr=ModbusSequentialDataBlock(0, [0] * 32), ir=ModbusSequentialDataBlock(0, [0] * 8), zero_mode=True)
    context = ModbusServerContext(slaves={1: board}, single=False)
    if len(sys.argv) > 1:
        print(1, flush=True)
        await StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=sys.argv[1], baudrate=115200)
        return
    port = free_port()
    print(port, flush=True)
    await StartAsyncTcpServer(context=context, address=("127.0.0.1", port))


asyncio.run(main())
