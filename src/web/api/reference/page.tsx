import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { PROBLEMS, type ProblemName } from '../../../lib/problem.ts';
import { Page } from '../../../ui/page.tsx';
import { Table } from '../../../ui/parts.tsx';
import type { Assets } from '../../assets.ts';
import { sendDocument } from '../../respond.tsx';
import type { OpenApiDocument } from '../document.ts';
import { exampleOf, fieldRows, formatType, resolveShape, type Shape } from '../examples.ts';
import { PROBLEM_HELP } from './problem-help.ts';

interface Operation {
  method: string;
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  parameters: {
    name: string;
    in: string;
    required: boolean;
    schema: Shape;
    description?: string;
  }[];
  request: Shape | null;
  answers: { status: string; description: string; schema: Shape | null }[];
}

type Content = Record<string, { schema: Shape }>;

/** Shows every operation, generated from the OpenAPI document alone. */
export function sendReference(c: Context, assets: Assets, document: OpenApiDocument): Response {
  const operations = readOperations(document);
  return sendDocument(
    c,
    <Page
      t={translateTo('en')}
      title="The API"
      owner={{ name: 'Finestreta', title: 'Finestreta', href: '/' }}
      stylesheets={[assets.citizenCss]}
      languages={[]}
      footer={[]}
    >
      <h1>The API</h1>
      <p class="lead">
        Book, read, move and cancel appointments of an office from another system of the town.
      </p>
      <Beginning />
      {(document.tags ?? []).map((tag) => (
        <section key={tag.name} class="stack">
          <h2>{tag.name}</h2>
          <p>{tag.description}</p>
          {operations
            .filter((each) => each.tag === tag.name)
            .map((each) => (
              <OperationPart key={each.operationId} document={document} operation={each} />
            ))}
        </section>
      ))}
      <Problems />
    </Page>,
  );
}

function Beginning() {
  return (
    <section class="stack">
      <h2>Before you begin</h2>
      <ul>
        <li>
          The town gives you a token. It opens one office: send it with every request, as{' '}
          <code>Authorization: Bearer fin_…</code>
        </li>
        <li>
          Times are RFC 3339 with an offset. Ours carry the offset of the office’s zone; yours may
          have any.
        </li>
        <li>
          Send an <code>Idempotency-Key</code> or an <code>externalId</code> when you book: then you
          may send it again after a broken connection, and it is booked once.
        </li>
        <li>
          Whatever goes wrong is a <a href="#problems">problem</a> (RFC 9457) with a{' '}
          <code>type</code> that stays.
        </li>
        <li>
          <a href="/api/v1/openapi.json">The OpenAPI 3.1 document</a> says all this to your tools.
        </li>
      </ul>
    </section>
  );
}

function OperationPart(props: { document: OpenApiDocument; operation: Operation }) {
  const { document, operation } = props;
  const { method, path, operationId, parameters, request, answers } = operation;
  const title = `${method} ${path}`;
  const good = answers.find(({ status }) => status.startsWith('2'));
  const fields = request ? fieldRows(document, request) : [];
  return (
    <>
      <h3 id={operationId}>{operation.summary}</h3>
      <p>
        <code>{title}</code>
      </p>
      {operation.description ? (
        <p>
          <Words text={operation.description} />
        </p>
      ) : null}
      <Fields
        caption={`What the address and the headers of ${operationId} say`}
        rows={parameters.map(({ name, required, schema, description }) => ({
          name,
          isRequired: required,
          what: formatType(document, resolveShape(document, schema)),
          description: description ?? '',
        }))}
      />
      {fields.length > 0 ? <Fields caption={`The body of ${operationId}`} rows={fields} /> : null}
      {request ? (
        <Json label={`Example of a request: ${operationId}`} value={exampleOf(document, request)} />
      ) : null}
      {good?.schema ? (
        <Json
          label={`Example of an answer: ${operationId}`}
          value={exampleOf(document, good.schema)}
        />
      ) : null}
      <Table
        caption={`The answers of ${operationId}`}
        rows={answers}
        keyOf={({ status }) => status}
        columns={[
          { head: 'Status', cell: ({ status }) => status },
          { head: 'Meaning', cell: ({ description }) => <Words text={description} /> },
        ]}
      />
    </>
  );
}

function Fields(props: { caption: string; rows: ReturnType<typeof fieldRows> }) {
  return (
    <Table
      caption={props.caption}
      rows={props.rows}
      keyOf={({ name }) => name}
      columns={[
        { head: 'Name', cell: ({ name }) => <code>{name}</code> },
        { head: 'Needed', cell: ({ isRequired }) => (isRequired ? 'yes' : 'no') },
        { head: 'Value', cell: ({ what }) => what },
        { head: 'Meaning', cell: ({ description }) => <Words text={description} /> },
      ]}
    />
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  return (
    <figure>
      <figcaption class="small soft">{label}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <section class="scroll" tabIndex={0} aria-label={label}>
        <pre>{JSON.stringify(value, null, 2)}</pre>
      </section>
    </figure>
  );
}

function Problems() {
  const names = Object.keys(PROBLEMS) as ProblemName[];
  return (
    <section class="stack" id="problems">
      <h2>Problems</h2>
      <p>
        Decide by <code>type</code>. <code>title</code> and <code>detail</code> are for people.
      </p>
      {names.map((name) => (
        <section key={name} id={`problem-${name}`}>
          <h3>
            {name} <span class="soft">{PROBLEMS[name].status}</span>
          </h3>
          <p>
            {PROBLEMS[name].title}. <Words text={PROBLEM_HELP[name]} />
          </p>
        </section>
      ))}
    </section>
  );
}

/** A sentence with `code` in backticks. */
function Words({ text }: { text: string }): ComponentChildren {
  return (
    <>
      {text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}
    </>
  );
}

function readOperations(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'patch'] as const).flatMap((method) => {
      const found = item[method];
      if (!found) return [];
      const body = found.requestBody as { content: Content } | undefined;
      const responses = (found.responses ?? {}) as Record<
        string,
        { description: string; content?: Content }
      >;
      return [
        {
          method: method.toUpperCase(),
          path,
          operationId: found.operationId ?? '',
          tag: found.tags?.[0] ?? '',
          summary: found.summary ?? '',
          description: found.description ?? '',
          parameters: (found.parameters ?? []) as Operation['parameters'],
          request: body?.content['application/json']?.schema ?? null,
          answers: Object.entries(responses).map(([status, { description, content }]) => ({
            status,
            description,
            schema: content?.['application/json']?.schema ?? null,
          })),
        },
      ];
    }),
  );
}
