import type { Device } from '../compute/device.ts';

/** A device, and how long models that were opened on it have been at work. */
export interface WatchedDevice {
  readonly device: Device;
  /**
   * Milliseconds so far in which at least one batch was under way in any session; what is under way at
   * the moment counts up to now. null where nothing was opened: a table of vectors, an endpoint.
   */
  busyMs(): number | null;
}

/** Watches a device from outside: what it runs, and how, stays the same. */
export function watchedDevice(
  device: Device,
  now = (): number => performance.now(),
): WatchedDevice {
  let opened = false;
  let underWay = 0;
  let since = 0;
  let busy = 0;
  const start = (): void => {
    if (underWay === 0) since = now();
    underWay += 1;
  };
  const end = (): void => {
    underWay -= 1;
    if (underWay === 0) busy += now() - since;
  };
  return {
    busyMs: () => (opened ? busy + (underWay > 0 ? now() - since : 0) : null),
    device: {
      ...device,
      async open(model, options) {
        const session = await device.open(model, options);
        opened = true;
        return {
          ...session,
          async run(feeds, pool) {
            start();
            try {
              return await session.run(feeds, pool);
            } finally {
              end();
            }
          },
        };
      },
    },
  };
}
