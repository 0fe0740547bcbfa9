import { connect } from 'node:net';

/** An open stream of a minimal browser. */
export interface Listener {
  close(): void;
}

/**
 * Opens a stream, and returns after its hello. `told` is called for each appointment in it, `event` for each event.
 * @throws when it is refused, or over before its hello
 */
export function listen(
  port: number,
  {
    path,
    cookie,
    told,
    event,
  }: { path: string; cookie: string; told(appointment: string): void; event?(): void },
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let begun = '';
    const socket = connect(port, '127.0.0.1', () => {
      const headers = [`Host: localhost:${port}`, 'Accept: text/event-stream', `Cookie: ${cookie}`];
      socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    });
    const listener = { close: () => socket.destroy() };
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      if (!isOpen) {
        begun += text;
        if (!begun.includes('event: hello')) return;
        isOpen = true;
        resolve(listener);
        begun = '';
      }
      if (text.includes('event: ')) event?.();
      for (const [, id = ''] of text.matchAll(/"appointment":"([^"]+)"/g)) told(id);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`No stream: ${begun.split('\r\n')[0]}`)));
  });
}
