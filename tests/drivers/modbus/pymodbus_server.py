# SPDX-License-Identifier: Apache-2.0
"""An independent Modbus TCP server: unit 1 with coils and discrete inputs 0-7, input 1 set. Prints its port."""
import asyncio
import socket

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer


async def main():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inputs = ModbusSequentialDataBlock(0, [0, 1, 0, 0, 0, 0, 0, 0])
    board = ModbusSlaveContext(di=inputs, co=ModbusSequentialDataBlock(0, [0] * 8), zero_mode=True)
    print(port, flush=True)
    await StartAsyncTcpServer(context=ModbusServerContext(slaves={1: board}, single=False), address=("127.0.0.1", port))


asyncio.run(main())
