import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { cpu, type ListedDevice, openDevice } from '../../src/compute/device.ts';
import { adapterOf, cards, vulkanAdapters } from '../../src/compute/devices/webgpu.ts';
import { Graph } from '../../src/compute/graph.ts';
import { products } from '../../src/compute/kernels/products.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { softwareVulkan } from '../support/vulkan.ts';

/** Without any graphics driver, whatever this machine has. */
const NO_DRIVER = { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' };

function gamut(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { status: number | null; stdout: string; stderr: string } {
  const main = packagePath('dist', 'src', 'cli', 'main.js');
  return spawnSync(process.execPath, [main, ...args], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    input: '{"text":"one"}\n{"text":"two"}\n{"text":"three"}\n',
  });
}

describe('opening a device', () => {
  test('the cpu is the default and says which processor it is', async () => {
    const device = await openDevice();
    expect(device).toMatchObject({ name: 'cpu', float64: true });
    expect(device.description).toMatch(/\d+ threads?$/);
    await device.close();
  });

  test('a name that is none is refused with those that are', async () => {
    const refused = openDevice('tpu' as 'cpu');
    await expect(refused).rejects.toMatchObject({ kind: 'usage', exitCode: 2 });
    await expect(refused).rejects.toThrow("'tpu'; devices are cpu, webgpu, cuda, wasm and auto");
    await expect(openDevice('constructor' as 'cpu')).rejects.toMatchObject({ kind: 'usage' });
  });

  test('one that is open already is used as it is and left open', async () => {
    const device = await openDevice('wasm');
    const again = await openDevice(device);
    await again.close();
    const [one] = [Float32Array.of(2)];
    expect([...(await products(again, one!, one!, 1))]).toEqual([4]);
    expect(again.name).toBe('wasm');
    await device.close();
  });

  test('devices stand side by side, whichever came first', () => {
    const device = packagePath('dist', 'src', 'compute', 'device.js');
    const kernel = packagePath('dist', 'src', 'compute', 'kernels', 'products.js');
    const program = `
      const { openDevice, cpu } = await import(${JSON.stringify(pathToFileURL(device).href)});
      const { products } = await import(${JSON.stringify(pathToFileURL(kernel).href)});
      const wasm = await openDevice('wasm');
      for (const on of [wasm, cpu, wasm]) {
        const [value] = await products(on, Float32Array.of(3), Float32Array.of(5), 1);
        console.log(on.name, value);
      }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'wasm 15\ncpu 15\nwasm 15\n', stderr: '' });
  });

  test('a device can be used again after it was closed', async () => {
    const device = await openDevice('cpu');
    for (let round = 0; round < 2; round += 1) {
      expect([...(await products(device, Float32Array.of(3), Float32Array.of(5), 1))]).toEqual([
        15,
      ]);
      await device.close();
    }
  });

  test('a kernel is built once and kept', async () => {
    const device = await openDevice('cpu');
    let built = 0;
    const build = (): Graph => {
      built += 1;
      const graph = new Graph('twice');
      const x = graph.input('x', 'float32', ['n']);
      graph.output('y', graph.op('Add', [x, x]), 'float32', ['n']);
      return graph;
    };
    for (const n of [1, 2]) {
      const { y } = await device.run({ key: 'twice', build }, { x: [new Float32Array(n), [n]] });
      expect(y!.dims).toEqual([n]);
    }
    expect(built).toBe(1);
    await device.close();
  });

  test('a kernel that fails says which one and where', async () => {
    const bad = products(cpu, Float32Array.of(1, 2), Float32Array.of(1, 2, 3), 2);
    await expect(bad).rejects.toMatchObject({
      kind: 'runtime',
      message: expect.stringMatching(/products\/2 failed on cpu/),
    });
  });
});

describe('adapters', () => {
  const listed = (...names: string[]): string =>
    [
      '[Vulkan Loader] INFO | DRIVER:       Original order:',
      ...names.map((name, i) => `[Vulkan Loader] INFO | DRIVER:             [${i}] ${name}`),
      '[Vulkan Loader] INFO | DRIVER:       Sorted order:',
      ...names.map((name, i) => `[Vulkan Loader] INFO | DRIVER:             [${i}] ${name}  `),
    ].join('\n');

  test.each([
    'SwiftShader Device (Subzero)',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    'Microsoft Basic Render Driver',
  ])('%s is no hardware', (name) => {
    expect(adapterOf([name])).toEqual({ description: `${name}, in software`, hardware: false });
  });

  test('a real card beside an imitation is the one that is taken', () => {
    const names = vulkanAdapters(listed('llvmpipe (LLVM 15.0.6)', 'NVIDIA H200'));
    expect(names).toEqual(['llvmpipe (LLVM 15.0.6)', 'NVIDIA H200']);
    expect(adapterOf(names)).toEqual({ description: 'NVIDIA H200', hardware: true });
  });

  test('one that does not say what it is counts as no hardware', () => {
    expect(adapterOf(vulkanAdapters('nothing to see')).hardware).toBe(false);
  });

  test("the runtime's own list of cards is read where there is no Vulkan", () => {
    const log = [
      'Discovered OrtHardwareDevice {vendor_id:0x1022, device_id:0x0, vendor:AMD, type:0, metadata: []}',
      'Discovered OrtHardwareDevice {vendor_id:0x10de, device_id:0x1, vendor:NVIDIA, type:1, metadata: [Description=GeForce RTX 4090, Discrete=1]}',
      'Discovered OrtHardwareDevice {vendor_id:0x106b, device_id:0x0, vendor:Apple, type:1, metadata: []}',
    ].join('\n');
    expect(cards(log)).toEqual(['GeForce RTX 4090', 'Apple GPU']);
  });
});

describe('the command line', () => {
  test('lists the devices: what works, on what, and why not the others', () => {
    const { status, stdout } = gamut(['devices', '--json'], NO_DRIVER);
    expect(status).toBe(0);
    const devices = JSON.parse(stdout) as ListedDevice[];
    expect(devices.map(({ name }) => name)).toEqual(['cpu', 'webgpu', 'cuda', 'wasm']);
    for (const { works, description, why } of devices) {
      expect(works ? description : why).toMatch(/\w/);
      expect(works ? why : description).toBeNull();
    }
    expect(devices.find(({ name }) => name === 'cpu')).toMatchObject({ works: true });
    expect(devices.find(({ name }) => name === 'wasm')).toMatchObject({ works: true });
    const people = gamut(['devices'], NO_DRIVER).stdout;
    expect(people).toMatch(/cpu {2}works/);
    expect(people).not.toMatch(/undefined|null/);
  });

  test.runIf(process.platform === 'linux')(
    'a device that is asked for and missing is exit 2 with the reason',
    () => {
      const { status, stderr } = gamut(['audit', '-', '--device', 'webgpu', '--quiet'], NO_DRIVER);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^gamut: The device webgpu does not work here: .*gamut devices/);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
  );

  test('an unknown device is exit 2 before anything is read', () => {
    const { status, stderr } = gamut(['audit', '-', '--device', 'tpu']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--device.*tpu/);
  });

  const vulkan = softwareVulkan();
  test.skipIf(vulkan === null)(
    'auto never takes an imitation of a card, and says what it took',
    () => {
      const args = ['audit', '-', '--measures', 'vendi', '--device', 'auto', '--json', '-'];
      const { status, stdout, stderr } = gamut(args, vulkan!.environment);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const { embedder } = JSON.parse(stdout) as { embedder: { device: string } };
      expect(['cpu', 'cuda']).toContain(embedder.device);
      expect(stderr).toMatch(/computing on (cpu|cuda) \(.*\); auto/);
      if (embedder.device === 'cpu') expect(stderr).toMatch(/no webgpu: \w/);
    },
  );

  test('a report says which device embedded, and devices agree', () => {
    const values = ['cpu', 'wasm'].map((device) => {
      const args = ['audit', '-', '--measures', 'vendi,mean-distance', '--device', device];
      const { status, stdout, stderr } = gamut([...args, '--json', '-']);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const report = JSON.parse(stdout) as {
        embedder: { device: string };
        measures: Record<string, { value: number }>;
      };
      expect(report.embedder.device).toBe(device);
      return report.measures;
    });
    for (const id of ['vendi', 'mean-distance']) {
      expect(values[1]![id]!.value).toBeCloseTo(values[0]![id]!.value, 5);
    }
  });
});

test('an embedder says which device it is on, and other devices give other keys to the store', async () => {
  const [here, there] = [
    await loadEmbedder('use-lite'),
    await loadEmbedder('use-lite', { device: 'wasm' }),
  ];
  try {
    expect([here.device, there.device]).toEqual(['cpu', 'wasm']);
    expect(there.fingerprint).not.toBe(here.fingerprint);
    const texts = ['A short text.', 'Another one, somewhat longer than the first.'];
    const [a, b] = [await here.embed(texts), await there.embed(texts)];
    for (const [i, value] of a.vectors.entries()) expect(b.vectors[i]).toBeCloseTo(value, 5);
  } finally {
    await here.close();
    await there.close();
  }
});
