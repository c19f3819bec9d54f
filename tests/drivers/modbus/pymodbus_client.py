# SPDX-License-Identifier: Apache-2.0
"""An independent Modbus client against the simulated boards: a door on unit 2. Argument: a TCP port, or a serial port's path.

Prints one number for each thing that it found as it should be, or stops with what was not."""
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.transaction import ModbusRtuFramer

where = sys.argv[1]
if where.startswith("/"):
    client = ModbusSerialClient(where, framer=ModbusRtuFramer, baudrate=115200, timeout=2)
else:
    client = ModbusTcpClient("127.0.0.1", port=int(where), timeout=2)
assert client.connect()
right = 0


def expect(good, what):
    global right
    if not good:
        sys.exit(f"unexpected: {what}")
    right += 1


reply = client.read_discrete_inputs(0, 8, slave=2)
expect(reply.bits[:8] == [True] + [False] * 7, reply)
expect(client.read_coils(0, 8, slave=2).bits[:8] == [False] * 8, "coils are off")
expect(not client.write_coil(0, True, slave=2).isError(), "coil 0 on")
expect(client.read_coils(0, 1, slave=2).bits[0], "coil 0 is on")
expect(not client.write_coil(0, False, slave=2).isError(), "coil 0 off")
expect(not client.read_coils(0, 1, slave=2).bits[0], "coil 0 is off")
expect(client.read_holding_registers(0x8000, 1, slave=2).registers == [200], "version")
expect(client.read_coils(6, 8, slave=2).exception_code == 2, "an exception beyond the last coil")
expect(client.read_holding_registers(0x7000, 1, slave=2).isError(), "an exception where no register is")
client.close()
print(right, flush=True)
