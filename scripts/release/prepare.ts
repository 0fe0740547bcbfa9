/** The texts in which a release is named, before and after it. All functions are pure. */

const UNRELEASED = /^## Unreleased[^\n]*$/m;

/** Returns the changelog with what is unreleased as that of a version of a day; it stays as it is when it names the version already. @throws without either */
export function datedChangelog(text: string, version: string, day: string): string {
  const heading = `## ${version} (${day})`;
  const dated = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\([\\d-]+\\)$`, 'm');
  const form = dated.test(text) ? dated : UNRELEASED;
  if (!form.test(text)) throw new Error('CHANGELOG.md has no section "## Unreleased".');
  return text.replace(form, heading);
}

/** Returns publiccode.yml with this version of this day. @throws when it lacks one of the keys */
export function datedPubliccode(text: string, version: string, day: string): string {
  return withKey(withKey(text, 'softwareVersion', version), 'releaseDate', day);
}

function withKey(text: string, key: string, value: string): string {
  const form = new RegExp(`^${key}: .*$`, 'm');
  if (!form.test(text)) throw new Error(`publiccode.yml has no ${key}.`);
  return text.replace(form, `${key}: ${value}`);
}

/** Returns the section of a version in the changelog, without its heading: the notes of its release. @throws when there is none */
export function notesOf(text: string, version: string): string {
  const sections = text.split(/^(?=## )/m);
  const of = sections.find((each) => each.startsWith(`## ${version} `));
  if (!of) throw new Error(`CHANGELOG.md has no section of ${version}.`);
  return `${of.slice(of.indexOf('\n') + 1).trim()}\n`;
}

/** Returns the changelog with an empty section for what comes after the last release. */
export function withNext(text: string, version: string): string {
  if (UNRELEASED.test(text)) throw new Error('CHANGELOG.md has a section "## Unreleased" already.');
  return text.replace(/^## /m, `## Unreleased (${version})\n\n## `);
}

/** Returns package.json or package-lock.json with another version of the project. */
export function withVersion(text: string, version: string): string {
  const facts = JSON.parse(text);
  facts.version = version;
  if (facts.packages?.['']) facts.packages[''].version = version;
  return `${JSON.stringify(facts, null, 2)}\n`;
}
