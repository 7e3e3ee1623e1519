import type { LanguageRegistration } from 'shiki/types';

type Loader = () => Promise<{ default: LanguageRegistration[] }>;

/** The grammars Baton brings, each loaded when first needed. */
export const GRAMMARS = {
  astro: () => import('shiki/langs/astro.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  clojure: () => import('shiki/langs/clojure.mjs'),
  cpp: () => import('shiki/langs/cpp.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  dart: () => import('shiki/langs/dart.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  docker: () => import('shiki/langs/docker.mjs'),
  elixir: () => import('shiki/langs/elixir.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  graphql: () => import('shiki/langs/graphql.mjs'),
  haskell: () => import('shiki/langs/haskell.mjs'),
  hcl: () => import('shiki/langs/hcl.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  ini: () => import('shiki/langs/ini.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  jsonc: () => import('shiki/langs/jsonc.mjs'),
  jsx: () => import('shiki/langs/jsx.mjs'),
  kotlin: () => import('shiki/langs/kotlin.mjs'),
  lua: () => import('shiki/langs/lua.mjs'),
  make: () => import('shiki/langs/make.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  nix: () => import('shiki/langs/nix.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  powershell: () => import('shiki/langs/powershell.mjs'),
  proto: () => import('shiki/langs/proto.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  scala: () => import('shiki/langs/scala.mjs'),
  scss: () => import('shiki/langs/scss.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  svelte: () => import('shiki/langs/svelte.mjs'),
  swift: () => import('shiki/langs/swift.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  vue: () => import('shiki/langs/vue.mjs'),
  xml: () => import('shiki/langs/xml.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  zig: () => import('shiki/langs/zig.mjs'),
} as const satisfies Record<string, Loader>;

export type Language = keyof typeof GRAMMARS;

// Other names and file endings of each.
const ALIASES: Readonly<Record<string, Language>> = {
  bash: 'shellscript',
  console: 'shellscript',
  sh: 'shellscript',
  shell: 'shellscript',
  zsh: 'shellscript',
  'c++': 'cpp',
  cc: 'cpp',
  cxx: 'cpp',
  h: 'c',
  hpp: 'cpp',
  clj: 'clojure',
  'c#': 'csharp',
  cs: 'csharp',
  patch: 'diff',
  dockerfile: 'docker',
  ex: 'elixir',
  exs: 'elixir',
  golang: 'go',
  gql: 'graphql',
  hs: 'haskell',
  terraform: 'hcl',
  tf: 'hcl',
  htm: 'html',
  conf: 'ini',
  env: 'ini',
  cjs: 'javascript',
  js: 'javascript',
  mjs: 'javascript',
  json5: 'jsonc',
  kt: 'kotlin',
  kts: 'kotlin',
  makefile: 'make',
  md: 'markdown',
  mdx: 'markdown',
  ps1: 'powershell',
  protobuf: 'proto',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sass: 'scss',
  cts: 'typescript',
  mts: 'typescript',
  ts: 'typescript',
  svg: 'xml',
  yml: 'yaml',
};

/** The grammar for a language as people write it (`ts`, `Bash`), or undefined. */
export function toLanguage(name: string): Language | undefined {
  const key = name.toLowerCase();
  return isLanguage(key) ? key : ALIASES[key];
}

/** The grammar for a file by its name. */
export function toLanguageOfPath(path: string): Language | undefined {
  const name = path.split(/[/\\]/).at(-1)?.toLowerCase() ?? '';
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : name;
  return toLanguage(ending) ?? toLanguage(name.split('.')[0] ?? '');
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(GRAMMARS, name);
}
