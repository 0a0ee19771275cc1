import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A Hugging Face hub on this machine that serves one repository from a folder. */
export interface TestHub {
  readonly url: string;
  /** What was asked for, in order: 'GET /org/name/resolve/…'. */
  readonly log: string[];
  /** The commit that 'main' is at; change it to move the branch on. */
  commit: string;
  /** Called before a file is served; whoever answers returns true. */
  intercept: ((path: string, request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Only requests with this token are answered. */
  token: string | null;
  /** The listing's SHA-256 of each file; change it to lie. */
  sha256(content: Uint8Array): string;
  close(): Promise<void>;
}

export async function startHub(repository: string, folder: string): Promise<TestHub> {
  const hub: Omit<TestHub, 'url' | 'close'> = {
    log: [],
    commit: 'c0ffee0000000000000000000000000000000001',
    intercept: null,
    token: null,
    sha256: (content) => createHash('sha256').update(content).digest('hex'),
  };
  const files = async (): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(request.url!);
    hub.log.push(`${request.method} ${path}`);
    const end = (status: number, body: string): void => {
      response.writeHead(status).end(body);
    };
    if (hub.token !== null && request.headers.authorization !== `Bearer ${hub.token}`) {
      return end(401, 'Repository not found');
    }
    if (path.startsWith(`/api/models/${repository}/revision/`)) {
      const siblings = [];
      for (const name of await files()) {
        const content = await readFile(join(folder, name));
        const large = /\.(onnx|safetensors)$/u.test(name);
        const lfs = large ? { lfs: { sha256: hub.sha256(content) } } : {};
        siblings.push({ rfilename: name, size: content.length, ...lfs });
      }
      const listing = { sha: hub.commit, siblings, cardData: { license: 'mit' } };
      return end(200, JSON.stringify(listing));
    }
    const prefix = `/${repository}/resolve/${hub.commit}/`;
    const name = path.slice(prefix.length);
    if (!path.startsWith(prefix) || !(await files()).includes(name)) return end(404, 'not found');
    if (hub.intercept?.(name, request, response)) return;
    const content = await readFile(join(folder, name));
    const from = Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    response.end(content.subarray(from));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(hub, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
