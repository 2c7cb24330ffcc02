import { Server, Socket } from 'node:net';
import { InheritedSockets } from './inherited-sockets.js';

describe(InheritedSockets.name, () => {
  it('serves the connections that wait, but those whose client has left', async () => {
    const inherited = new InheritedSockets();
    const [left, stays, later] = [new Socket(), new Socket(), new Socket()];
    inherited.addConnection('https', left);
    inherited.addConnection('https', stays);
    const closed = new Promise((resolve) => left.on('close', resolve));
    left.destroy(new Error('ECONNRESET'));
    await closed;
    const target = new Server();
    const served: Socket[] = [];
    target.on('connection', (socket: Socket) => served.push(socket));
    inherited.serveBy('https', target);
    inherited.addConnection('https', later);
    expect(served).toEqual([stays, later]);
    expect(served.map(({ allowHalfOpen }) => allowHalfOpen)).toEqual([true, true]);
  });

  it('passes over what came without its handle', () => {
    const inherited = new InheritedSockets();
    inherited.add({ listener: 'http', server: undefined });
    inherited.addConnection('http', undefined);
    expect(inherited.of('http')).toEqual([]);
  });
});
