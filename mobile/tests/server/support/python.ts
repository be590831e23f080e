import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../../..');

const STOP_MS = 10_000;

/** A Python that can run the server. */
export function findPython(): string {
  const given = process.env['PYTHON'];
  const candidates = given ? [given] : [resolve(ROOT, '.venv/bin/python'), 'python3'];
  const found = candidates.find((python) => (python === 'python3' || existsSync(python)) && hasDjango(python));
  if (!found) {
    throw new Error(
      `These tests drive the real server and found no Python with its requirements (tried ${candidates.join(', ')}). ` +
        'Run "make install" in the project first, or name one with PYTHON=…',
    );
  }
  return found;
}

function hasDjango(python: string): boolean {
  const look = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("rest_framework") is None)';
  return spawnSync(python, ['-c', look]).status === 0;
}

/** Run to its end; its output, or an error with all of it. */
export function run(python: string, args: string[], env: NodeJS.ProcessEnv): string {
  const done = spawnSync(python, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${args.join(' ')} failed:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

export interface Running {
  /** What the awaited line matched. */
  ready: string;
  stop: () => Promise<void>;
}

/** Start in the background and wait until it prints what says that it is ready; `log` gets all that it prints. */
export function start(
  python: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
  log?: string,
): Promise<Running> {
  const child = spawn(python, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      if (log) appendFileSync(log, chunk);
      const found = ready.exec(output)?.[1];
      if (found !== undefined) resolve({ ready: found, stop: () => stop(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
