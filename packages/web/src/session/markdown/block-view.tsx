import { Square, SquareCheck } from 'lucide-react';
import { memo } from 'react';
import { CodeBlock } from '../code/code-block.tsx';
import { InlineView } from './inline-view.tsx';
import type { Block, Inline, ListItem } from './node.ts';

/** One block. Its value never changes, so it renders once. */
export const BlockView = memo(function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <InlineView nodes={block.children} />
        </p>
      );
    case 'heading':
      return <Heading level={block.level} nodes={block.children} />;
    case 'code':
      return <CodeBlock code={block.text} language={block.language} />;
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.children} />
        </blockquote>
      );
    case 'list':
      return <ListView list={block} />;
    case 'table':
      return <TableView table={block} />;
    case 'rule':
      return <hr />;
    case 'source':
      return <p className="whitespace-pre-wrap">{block.text}</p>;
  }
});

function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} />);
}

// The page's own headings are above: a document's first level is the third of the page.
const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;

function Heading({ level, nodes }: { level: number; nodes: readonly Inline[] }) {
  const Tag = HEADINGS[Math.min(level, HEADINGS.length) - 1] ?? 'h6';
  return (
    <Tag>
      <InlineView nodes={nodes} />
    </Tag>
  );
}

function ListView({ list }: { list: Extract<Block, { type: 'list' }> }) {
  const className = list.loose ? 'loose' : undefined;
  const items = list.items.map((item, index) => <ListItemView key={index} item={item} loose={list.loose} />);
  if (list.start === undefined) return <ul className={className}>{items}</ul>;
  return (
    <ol className={className} start={list.start}>
      {items}
    </ol>
  );
}

function ListItemView({ item, loose }: { item: ListItem; loose: boolean }) {
  const body = loose ? <Blocks blocks={item.children} /> : <TightBlocks blocks={item.children} />;
  if (item.checked === undefined) return <li>{body}</li>;
  const Icon = item.checked ? SquareCheck : Square;
  return (
    <li className="task">
      <Icon
        size={16}
        strokeWidth={1.75}
        role="img"
        aria-label={item.checked ? 'Done' : 'Open'}
        className={item.checked ? 'mt-[0.2em] shrink-0 text-accent' : 'mt-[0.2em] shrink-0 text-ink-3'}
      />
      <div className="min-w-0 flex-1">{body}</div>
    </li>
  );
}

// Items of a list without blank lines hold bare text, not paragraphs.
function TightBlocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) =>
    block.type === 'paragraph' ? (
      <span key={index}>
        <InlineView nodes={block.children} />
      </span>
    ) : (
      <BlockView key={index} block={block} />
    ),
  );
}

function TableView({ table }: { table: Extract<Block, { type: 'table' }> }) {
  return (
    <section className="scroll-thin overflow-x-auto" tabIndex={0} aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, column) => (
              <th key={column} scope="col" style={{ textAlign: table.align[column] }}>
                <InlineView nodes={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={{ textAlign: table.align[column] }}>
                  <InlineView nodes={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
