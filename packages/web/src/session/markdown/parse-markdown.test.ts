import { describe, expect, test } from 'vitest';
import { parseMarkdown, type MarkdownDocument } from './parse-markdown.ts';

const blocksOf = (text: string) => parseMarkdown(text).parts.map((part) => part.block);

describe('what agents may not do', () => {
  test('a javascript link keeps its words and loses its target', () => {
    expect(blocksOf('[click](javascript:alert(1))')).toEqual([
      { type: 'paragraph', children: [{ type: 'text', text: 'click (javascript:alert(1))' }] },
    ]);
  });

  test.each([
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    'vbscript:x',
    'data:text/html,<script>',
    'file:///etc/passwd',
    '//evil.example',
  ])('the target %s is no link', (target) => {
    expect(JSON.stringify(blocksOf(`[x](${target})`))).not.toContain('"href"');
  });

  test('raw HTML blocks are text', () => {
    expect(blocksOf('<script>alert(1)</script>\n')).toEqual([{ type: 'source', text: '<script>alert(1)</script>' }]);
  });

  test('raw HTML inside a line is text', () => {
    expect(blocksOf('a <img src=x onerror=alert(1)> b')).toEqual([
      { type: 'paragraph', children: [{ type: 'text', text: 'a <img src=x onerror=alert(1)> b' }] },
    ]);
  });

  test('an image from a network becomes a link', () => {
    expect(blocksOf('![pixel](https://evil.example/p.gif)')).toEqual([
      {
        type: 'paragraph',
        children: [{ type: 'link', href: 'https://evil.example/p.gif', children: [{ type: 'text', text: 'pixel' }] }],
      },
    ]);
  });

  test('an image in the text itself is shown', () => {
    expect(blocksOf('![dot](data:image/png;base64,AAAA)')).toEqual([
      { type: 'paragraph', children: [{ type: 'image', src: 'data:image/png;base64,AAAA', alt: 'dot' }] },
    ]);
  });

  test('deep nesting is shown as it is written', () => {
    const bomb = '>'.repeat(20_000);
    expect(blocksOf(bomb)).toEqual([{ type: 'code', language: '', text: bomb, closed: true }]);
  });
});

describe('what is read', () => {
  test('links to the web and mail are kept', () => {
    const text = JSON.stringify(blocksOf('[a](https://a.example/x?y=1&z=2) <mailto:b@c.example> https://d.example'));
    expect(text).toContain('"href":"https://a.example/x?y=1&z=2"');
    expect(text).toContain('"href":"mailto:b@c.example"');
    expect(text).toContain('"href":"https://d.example/"');
  });

  test('character references become characters, except in code', () => {
    expect(blocksOf('a &lt;b&gt; &#8594; &unknown; `&lt;`')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: 'a <b> \u2192 &unknown; ' },
          { type: 'code', text: '&lt;' },
        ],
      },
    ]);
  });

  test('a fence that is still streaming is an open code block', () => {
    expect(blocksOf('```ts\nconst a = 1;')).toEqual([
      { type: 'code', language: 'ts', text: 'const a = 1;', closed: false },
    ]);
    expect(blocksOf('```ts\nconst a = 1;\n```')).toMatchObject([{ closed: true }]);
    expect(blocksOf('```')).toMatchObject([{ closed: false }]);
  });

  test('task lists know what is done', () => {
    expect(blocksOf('- [x] one\n- [ ] two')).toMatchObject([
      { type: 'list', items: [{ checked: true }, { checked: false }] },
    ]);
  });

  test('tables have a header, rows and alignment', () => {
    expect(blocksOf('|a|b|\n|:-|-:|\n|1|2|')).toEqual([
      {
        type: 'table',
        align: ['left', 'right'],
        header: [[{ type: 'text', text: 'a' }], [{ type: 'text', text: 'b' }]],
        rows: [[[{ type: 'text', text: '1' }], [{ type: 'text', text: '2' }]]],
      },
    ]);
  });

  test('an ordered list keeps its first number', () => {
    expect(blocksOf('3. c\n4. d')).toMatchObject([{ type: 'list', start: 3, items: [{}, {}] }]);
  });
});

const SAMPLE = `# Title

A paragraph with **bold** and \`code\`.
Second line.

- one
- two

  more of two

1. a
2. b

| a | b |
| - | - |
| 1 | 2 |

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

> quote
> more

<details>
x
</details>

Last [link](https://a.example) paragraph.
`;

describe('streaming', () => {
  test('every prefix read step by step gives the same tree as read at once', () => {
    let document: MarkdownDocument | undefined;
    for (let end = 1; end <= SAMPLE.length; end += 1) {
      document = parseMarkdown(SAMPLE.slice(0, end), document);
      expect(document.parts.map((part) => part.block)).toEqual(blocksOf(SAMPLE.slice(0, end)));
    }
  });

  test('blocks that are settled keep their identity', () => {
    const before = parseMarkdown(SAMPLE);
    const after = parseMarkdown(`${SAMPLE}And more`, before);
    for (let index = 0; index < before.parts.length - 1; index += 1) {
      expect(after.parts[index]).toBe(before.parts[index]);
    }
  });

  test('the same text is the same document', () => {
    const before = parseMarkdown(SAMPLE);
    expect(parseMarkdown(SAMPLE, before)).toBe(before);
  });

  test('Windows line ends are read as line ends', () => {
    expect(blocksOf('a\r\n\r\nb')).toEqual(blocksOf('a\n\nb'));
  });
});
