import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Data, jsonOf, xmlOf } from './answers.ts';

const NO_XMLLINT = existsSync('/usr/bin/xmllint') ? null : 'xmllint is not installed';
/** Reads documents with libxml2, which none of ours is; throws where one is not well-formed. */
const lint = (xml: string, ...options: string[]) =>
  execFileSync('xmllint', ['--nonet', ...options, '-'], { input: xml, encoding: 'utf8' });

/** Texts with what breaks XML: markup, entities, control characters, halves of pairs. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '&xxe; &amp; &#0; &#x1F;',
    ']]>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '\u0000\u0001\u000B\u001F\uFFFE\uFFFF\uD800 \uDC00',
    'a\r\nb\rc\nd',
  ),
);
const fields = (text: fc.Arbitrary<Data>) =>
  fc.record({ description: text, status_notes: text, lat: fc.double(), required: fc.boolean() });
const documents = fields(fc.oneof(hostile, fc.constant(null)));

describe('an answer in XML', () => {
  test('is written as the examples of the specification', () => {
    const data = [{ service_request_id: '293944', service_notice: 'a < b', account_id: null }];
    expect(xmlOf('service_requests', data)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<service_requests><request><service_request_id>293944</service_request_id><service_notice>a &lt; b</service_notice><account_id></account_id></request></service_requests>\n',
    );
    expect(xmlOf('errors', [])).toContain('<errors></errors>');
  });

  test('has an element of its own name for each item of a list', () => {
    const attribute = { code: 'a', values: [{ key: '1', name: 'Ford' }] };
    expect(xmlOf('service_definition', { service_code: 'x', attributes: [attribute] })).toContain(
      '<attributes><attribute><code>a</code><values><value><key>1</key><name>Ford</name></value></values></attribute></attributes>',
    );
    expect(() => xmlOf('others', [{ a: 1 }])).toThrow('no name');
  });

  test('keeps the ends of lines, and leaves out fields that are undefined', () => {
    const xml = xmlOf('request', { description: 'a\r\nb\rc', media_url: undefined });
    expect(xml).toContain('<request><description>a\nb\nc</description></request>');
  });

  test.skipIf(NO_XMLLINT)('is well-formed whatever people write', () => {
    fc.assert(
      fc.property(fc.array(documents, { maxLength: 20 }), (list) => {
        const xml = xmlOf('service_requests', list);
        const count = lint(xml, '--xpath', 'count(/service_requests/request/description)');
        expect(Number(count)).toBe(list.length);
      }),
      { numRuns: 60 },
    );
  });

  test.skipIf(NO_XMLLINT)('says the same text, for what XML can say', () => {
    const said = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(said, (text) => {
        const read = lint(
          xmlOf('request', { description: text }),
          '--xpath',
          'string(//description)',
        );
        // xmllint ends what it prints with a line.
        expect(read.replace(/\n$/, '')).toBe(text.replaceAll('\t', ' '));
      }),
      { numRuns: 60 },
    );
  });
});

test('an answer in JSON is UTF-8 whatever people write', () => {
  fc.assert(
    fc.property(documents, (data) => {
      const text = jsonOf([data]);
      expect(text.isWellFormed()).toBe(true);
      expect(JSON.parse(text)).toHaveLength(1);
    }),
  );
});
