import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Issued } from '../../../e2e/support/identity/certificates.ts';
import { run, testFolder } from '../seal/testing.ts';

/** Of what an authority answers, and how. */
interface Answering {
  how: 'right' | 'as revoked' | 'failing' | 'nonsense' | 'endless';
  /** Who signs the answers. */
  signer: Issued;
  /** The authority of the certificates. */
  authority: Issued;
  /** The certificate of which it knows; null: of none. */
  about: Issued | null;
}

/** Answers without an end, as long as it is read. */
async function pour(response: ServerResponse, on: { poured: number }): Promise<void> {
  const chunk = Buffer.alloc(50_000, 0x30);
  const gone = once(response, 'close');
  while (!response.destroyed) {
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
    on.poured += chunk.length;
  }
}

/** An authority that says whether certificates were revoked (OCSP over HTTP). openssl makes its answers, for the time of this machine. */
export async function testResponder() {
  const folder = testFolder();
  const on: { answering: Answering | null; poured: number } = { answering: null, poured: 0 };
  const server = createServer(async (request, response) => {
    const asked = folder.at('asked', Buffer.concat(await Array.fromAsync(request)));
    const { answering } = on;
    if (answering?.how === 'endless') return void pour(response, on);
    response.writeHead(!answering || answering.how === 'failing' ? 503 : 200);
    response.end(answering && (answering.how === 'nonsense' ? 'yes' : answer(answering, asked)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answer({ how, signer, authority, about }: Answering, asked: string): Buffer {
    const number = about ? new X509Certificate(about.der).serialNumber : '0A';
    const status = how === 'as revoked' ? 'R\t400101000000Z\t260101000000Z' : 'V\t400101000000Z\t';
    const index = folder.at('index', `${status}\t${number}\tunknown\t/CN=x\n`);
    const out = folder.at('answer');
    run(
      ...(['openssl', 'ocsp', '-index', index] as const),
      ...['-CA', folder.at('ca.pem', authority.pem)],
      ...['-rsigner', folder.at('signer.pem', signer.pem)],
      ...['-rkey', folder.at('signer.key', signer.keyPem)],
      ...['-reqin', asked, '-respout', out, '-nmin', '10'],
    );
    return readFileSync(out);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answers(answering: Answering | null) {
      on.answering = answering;
    },
    /** The bytes of the endless answer that were taken so far. */
    poured: () => on.poured,
    [Symbol.dispose]() {
      server.close();
      folder[Symbol.dispose]();
    },
  };
}
