import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where models and vectors are kept: the folder that was asked for, else `$XDG_CACHE_HOME/gamut`,
 * else `~/.cache/gamut` (on Windows `%LOCALAPPDATA%\gamut\cache`).
 */
export function cacheFolder(asked?: string): string {
  if (asked) return asked;
  const xdg = process.env.XDG_CACHE_HOME;
  if (xdg) return join(xdg, 'gamut');
  const local = process.env.LOCALAPPDATA;
  if (process.platform === 'win32' && local) return join(local, 'gamut', 'cache');
  return join(homedir(), '.cache', 'gamut');
}
