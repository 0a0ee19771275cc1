import { Command } from 'commander';
import { listDevices } from '../compute/device.ts';
import { renderDevices } from '../report/devices.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';

export function devicesCommand(io: Io): Command {
  const command = new Command('devices')
    .description('Try every device: which work here, on what, and why not the others.')
    .option('--json', 'as JSON');
  return withCommonFlags(command).action(async (flags: { json?: boolean }) => {
    const devices = await listDevices();
    const width = Math.min(100, process.stdout.columns ?? 80);
    io.result(flags.json ? `${JSON.stringify(devices, null, 2)}\n` : renderDevices(devices, width));
  });
}
