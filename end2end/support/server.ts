/**
 * The real program on a fresh database: `yanlu serve`, set up through its command line and driven
 * through its JSON API, as an integrator would.
 */
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

const PROGRAM = process.env.YANLU_PROGRAM ?? path.join(__dirname, '../../target/debug/yanlu');

/** A member of staff with all that is needed to sign in and to call the API. */
export type Account = { email: string; password: string; token: string };

export class Yanlu {
  private child?: ChildProcess;
  private log = '';

  private constructor(
    private readonly folder: string,
    private readonly database: string,
  ) {}

  /** A database of its own; the program does not run yet. */
  static async prepare(kind: 'sqlite' | 'postgres'): Promise<Yanlu> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yanlu-end2end-'));
    let database = `sqlite:${path.join(folder, 'yanlu.db')}`;
    if (kind === 'postgres') {
      const server = process.env.YANLU_TEST_POSTGRES_URL;
      if (!server) throw new Error('YANLU_TEST_POSTGRES_URL is not set: run `cargo xtask test browser`');
      const name = `end2end_${randomUUID().replaceAll('-', '')}`;
      execFileSync('psql', ['--quiet', '--no-psqlrc', server, '-c', `create database ${name}`]);
      database = server.replace(/\/[^/]*$/, `/${name}`);
    }
    return new Yanlu(folder, database);
  }

  private get environment() {
    return { ...process.env, YANLU_DATABASE_URL: this.database, YANLU_DATA_DIR: this.folder };
  }

  /** Runs a command such as `unit add` and gives what it prints. */
  command(words: string[], input = ''): string {
    return execFileSync(PROGRAM, words, { env: this.environment, input, encoding: 'utf8' }).trim();
  }

  /** Where it serves: it takes a port that is free and prints it. */
  get url(): string {
    return this.printed('Public site');
  }

  /** The site of the demonstration's department, if it was asked for. */
  get department(): string {
    return this.printed('Department');
  }

  private printed(name: string): string {
    const address = new RegExp(`^${name} +(http://\\S+)`, 'm').exec(this.log)?.[1];
    if (!address) throw new Error(`yanlu serve has not printed "${name}":\n${this.log}`);
    return address;
  }

  /** Serves until `stop`. Further words go to `yanlu serve`. */
  async serve(words: string[] = []): Promise<void> {
    const child = spawn(PROGRAM, ['serve', '--listen', '127.0.0.1:0', '--limits', 'off', ...words], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.log += text));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`yanlu serve ended:\n${this.log}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, this.ready()]);
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      // What it prints about where it serves comes at once.
      if (/^Public site /m.test(this.log)) {
        const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
        if (answer?.ok) return;
      }
      await new Promise((next) => setTimeout(next, 25));
    }
    throw new Error(`yanlu serve was not ready after 30 s:\n${this.log}`);
  }

  /** What the server wrote so far, for tests about its log. */
  get said(): string {
    return this.log;
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  addUnit(slug: string, name: string, origins: string[]): void {
    this.command(['unit', 'add', '--slug', slug, '--name', name, ...origins.flatMap((origin) => ['--origin', origin])]);
  }

  addAccount(unit: string, email: string, roles: string[]): Account {
    const password = `correct horse ${randomUUID()}`;
    const role = roles.flatMap((name) => ['--role', name]);
    this.command(['account', 'add', '--unit', unit, '--email', email, ...role, '--password-stdin'], password);
    return { email, password, token: this.command(['token', 'add', '--email', email]) };
  }

  /** A call of the JSON API. Anything but success is an error with the problem's text. */
  async call<T = any>(method: string, address: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${address}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text} ${this.log.slice(-1500)}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
