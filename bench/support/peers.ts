/** Debian's Python, which has the peers. */
export const PYTHON = '/usr/bin/python3';

/** The environment for peers: OpenBLAS chooses by processor, whatever somebody fixed for other purposes. */
export function peerEnvironment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...environment } = process.env;
  return environment;
}
