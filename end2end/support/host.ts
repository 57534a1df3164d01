/**
 * Somebody else's web site: serves whatever pages a test gives it, on an origin of its own.
 */
import http from 'node:http';
import { once } from 'node:events';
import type net from 'node:net';

export type HostPage = { html: string | Buffer; headers?: Record<string, string> };

export class Host {
  private readonly pages = new Map<string, HostPage>();

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Host> {
    const server = http.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = new Host(server, `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
    server.on('request', (request, response) => {
      const page = host.pages.get(new URL(request.url ?? '/', host.url).pathname);
      response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
      response.end(page?.html ?? '');
    });
    return host;
  }

  /** Puts a page up and gives its address. */
  put(name: string, page: HostPage | string): string {
    this.pages.set(`/${name}`, typeof page === 'string' ? { html: page } : page);
    return `${this.url}/${name}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
