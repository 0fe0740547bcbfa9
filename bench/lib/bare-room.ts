import { once } from 'node:events';
import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The minimum for two people to see each other in a room, with the room's own addresses
 * (docs/protocol.md): a seat, a
 * stream, an offer and an answer, each candidate sent as it is found. No style, no text, no recovery.
 */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Two pages</title><div class="room-tile"></div>
<script type="module">
const base = new URLSearchParams(location.search).get('room');
const post = (what, form) => fetch(base + '/' + what, { method: 'POST', body: new URLSearchParams(form) });
const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480, frameRate: 25 } });
let seat, source, other, call, peer;
let sending = Promise.resolve();
let taking = Promise.resolve();
const send = (signal) => {
  const form = { seat, to: other, signals: JSON.stringify([{ ...signal, call }]) };
  return post('signal', form);
};
const inOrder = (work) => { sending = sending.then(work).catch(() => {}); };
const tile = document.querySelector('.room-tile');
const part = () => {
  peer?.close();
  tile.replaceChildren();
};
const connect = (ways, name) => {
  part();
  call = name;
  peer = new RTCPeerConnection(ways);
  for (const track of media.getTracks()) peer.addTrack(track, media);
  const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true });
  tile.append(video);
  peer.ontrack = ({ streams }) => { video.srcObject = streams[0]; };
  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    const signal = { type: 'candidate', candidate: candidate.candidate, mid: candidate.sdpMid, line: candidate.sdpMLineIndex };
    inOrder(() => send(signal));
  };
};
// Nothing of what is found overtakes it.
const describe = (type) => inOrder(async () => {
  await peer.setLocalDescription();
  await send({ type, sdp: peer.localDescription.sdp });
});
window.enter = async () => {
  const ways = await (await fetch(base + '/servers')).json();
  ({ seat } = await (await post('seat', {})).json());
  source = new EventSource(base + '/stream?seat=' + seat);
  source.addEventListener('room', ({ data }) => {
    const [person] = JSON.parse(data).people;
    if (person?.seat === other) return;
    other = person?.seat;
    // What waits on a connection that is closed waits for ever.
    taking = Promise.resolve();
    if (!person) return part();
    if (!person.offers) return;
    connect(ways, crypto.randomUUID());
    describe('offer');
  });
  const take = async ({ type, ...signal }) => {
    if (type === 'offer') connect(ways, signal.call);
    if (signal.call !== call) return;
    if (type === 'candidate')
      return peer.addIceCandidate({ candidate: signal.candidate, sdpMid: signal.mid, sdpMLineIndex: signal.line });
    await peer.setRemoteDescription({ type, sdp: signal.sdp });
    if (type === 'offer') describe('answer');
  };
  source.addEventListener('signal', ({ data }) => {
    taking = taking.then(() => take(JSON.parse(data).signal)).catch(() => {});
  });
};
window.leave = () => {
  source.close();
  part();
  other = undefined;
  return post('leave', { seat });
};
document.title = 'ready';
</script>`;

/**
 * A front of the server: it gives the bare page the product's own address, so that both take the same way.
 */
export interface BareFront {
  origin: string;
  /** The server's port, once it is known. */
  behind: number;
  close(): void;
}

export async function openBareFront(): Promise<BareFront> {
  const agent = new Agent({ keepAlive: true });
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/bare?'))
      return response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    // From a different address each time, since the limits aren't the subject.
    const from = `198.51.${(asked >> 8) & 255}.${asked++ & 255}`;
    const passed = ask({
      host: '127.0.0.1',
      port: front.behind,
      agent,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, 'x-forwarded-for': from },
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front: BareFront = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    behind: 0,
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
  return front;
}
