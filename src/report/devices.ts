import type { ListedDevice } from '../compute/device.ts';
import { oneLine, wrap } from './text.ts';

/** The devices for people: what works here, and why the others do not. */
export function renderDevices(devices: readonly ListedDevice[], width: number): string {
  const blocks = devices.map((device) => {
    const { name, works, about } = device;
    const facts = works ? worksWith(device) : `${device.why}.`;
    const lines = wrap(oneLine(facts), width - 4).map((line) => `    ${line}`);
    return [`${name}  ${works ? 'works' : 'does not work here'}  (${about})`, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function worksWith({ name, description, hardware, float64 }: ListedDevice): string {
  const parts = [description ?? name];
  if (!float64) parts.push('single precision only');
  if (!hardware) parts.push('never taken by --device auto');
  return parts.join('; ');
}
