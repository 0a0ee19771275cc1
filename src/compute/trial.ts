/**
 * Tries one device: `node trial.js NAME` computes a small product there and compares it with float64.
 * Says `works`, or what is wrong; what native libraries write goes to stderr.
 */
import { messageOf } from '../base/errors.ts';
import { random } from '../base/random.ts';
import { deviceOf, KINDS } from './device.ts';
import type { DeviceName } from './devices/kind.ts';
import { products } from './kernels/products.ts';

const [ROWS, TARGETS, DIMS] = [5, 70, 64];
/** float32 sums of 64 products of numbers below 1 are exact to about 1e-6; 10-bit ones to 1e-3. */
const TOLERANCE = 1e-5;

async function attempt(name: DeviceName): Promise<string> {
  const kind = KINDS[name];
  // Besides what drivers say, the runtime then lists the cards it finds.
  kind.runtime().env.logLevel = 'info';
  const uniform = random(1);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n * DIMS }, uniform);
  const [x, y] = [draw(ROWS), draw(TARGETS)];
  const device = deviceOf(kind, kind.adapter(''), 'a trial');
  const found = await products(device, x, y, DIMS);
  let worst = 0;
  for (let i = 0; i < ROWS; i += 1) {
    for (let t = 0; t < TARGETS; t += 1) {
      let sum = 0;
      for (let j = 0; j < DIMS; j += 1) sum += x[i * DIMS + j]! * y[t * DIMS + j]!;
      const error = Math.abs(found[i * TARGETS + t]! - sum) / sum;
      worst = error <= worst ? worst : error;
    }
  }
  return worst <= TOLERANCE ? 'works' : `its products are off by ${worst.toExponential(1)}`;
}

const said = await attempt(process.argv[2] as DeviceName).catch(messageOf);
// Not process.exit: a pipe may not have taken all of it yet.
process.stdout.write(`${said}\n`);
