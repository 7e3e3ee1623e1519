import type { Inline } from './node.ts';

export function InlineView({ nodes }: { nodes: readonly Inline[] }) {
  return nodes.map((node, index) => <InlineNode key={index} node={node} />);
}

function InlineNode({ node }: { node: Inline }) {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'strong':
      return (
        <strong>
          <InlineView nodes={node.children} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <InlineView nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <del>
          <InlineView nodes={node.children} />
        </del>
      );
    case 'link':
      return (
        <a href={node.href} title={node.title} target="_blank" rel="noopener noreferrer nofollow">
          <InlineView nodes={node.children} />
        </a>
      );
    case 'image':
      return <img src={node.src} alt={node.alt} className="inline-block max-h-96 max-w-full rounded-md" />;
    case 'break':
      return <br />;
  }
}
