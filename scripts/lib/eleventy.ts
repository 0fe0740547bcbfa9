import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The renderer of Markdown, as far as this project changes it (markdown-it). */
export interface Markdown {
  core: {
    ruler: {
      push(
        name: string,
        rule: (state: { tokens: Token[]; env: MarkdownEnvironment }) => void,
      ): void;
    };
  };
  renderer: {
    rules: Record<string, ((tokens: Token[], index: number) => string) | undefined>;
  };
}

/** The data of the page that is rendered. */
export interface MarkdownEnvironment {
  address: string;
}

/** A piece of Markdown. */
export interface Token {
  type: string;
  tag: string;
  content: string;
  children: Token[] | null;
  attrs: [string, string][] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** The settings of Eleventy, as far as this project uses them. */
export interface EleventyConfig {
  addTemplate(path: string, text: string, data: Record<string, unknown>): void;
  amendLibrary(name: 'md', amend: (markdown: Markdown) => void): void;
  addFilter(name: string, filter: (value: string) => string): void;
  setUseGitIgnore(uses: boolean): void;
  setIncludesDirectory(folder: string): void;
}

interface EleventyOptions {
  quietMode: boolean;
  /** False: no file of settings is looked for. */
  configPath: false;
  config(settings: EleventyConfig): void;
}

interface Eleventy {
  write(): Promise<unknown>;
}

/** Eleventy from node_modules, or from the folder that set-up has installed for this build alone. */
const folder = process.env['BUILD_TOOLS'];
const path = 'node_modules/@11ty/eleventy/src/Eleventy.js';
const name = folder ? pathToFileURL(join(folder, path)).href : '@11ty/eleventy';

export const {
  Eleventy,
}: {
  Eleventy: new (input: string, output: string, options: EleventyOptions) => Eleventy;
} = await import(name);
