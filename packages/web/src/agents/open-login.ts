import {
  API_PREFIX,
  TERMINAL_PATH,
  parseJson,
  terminalDownSchema,
  type TerminalDown,
  type TerminalUp,
} from '@baton/protocol';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';

export interface LoginOptions {
  box: HTMLElement;
  backend: string;
  label: string;
  onText(text: string): void;
  onEnd(end: Exclude<TerminalDown, { type: 'output' }>): void;
}

/** Links are looked for in the last of what was written. */
const KEPT_CHARS = 64 * 1024;

/** Opens a terminal and the sign-in of an agent in it; the returned function ends both. */
export function openLogin({ box, backend, label, onText, onEnd }: LoginOptions): () => void {
  const terminal = new Terminal({
    ...{ fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'), fontSize: 13 },
    ...{ cursorBlink: false, scrollback: 2000, theme: readTheme(box), screenReaderMode: true },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(box);
  terminal.textarea?.setAttribute('aria-label', label);
  fit.fit();
  const socket = new WebSocket(toUrl(backend, terminal));
  const send = (frame: TerminalUp) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const resizing = new ResizeObserver(() => fit.fit());
  resizing.observe(box);
  let text = '';
  let isOver = false;

  function end(how: Exclude<TerminalDown, { type: 'output' }>): void {
    if (isOver) return;
    isOver = true;
    terminal.options.disableStdin = true;
    onEnd(how);
  }

  function hear(frame: TerminalDown): void {
    if (frame.type !== 'output') return end(frame);
    terminal.write(frame.data);
    text = (text + frame.data).slice(-KEPT_CHARS);
    onText(text);
  }

  // Every other key is the program's; this one leads out, so that nobody is caught in the terminal. Once the program
  // is gone, keys are the page's again: Tab goes on, Escape closes.
  terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => !isOver && !(key === 'Tab' && shiftKey));
  terminal.onData((data) => send({ type: 'input', data }));
  terminal.onResize(({ cols, rows }) => send({ type: 'resize', cols, rows }));
  socket.addEventListener('open', () => terminal.focus());
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const parsed = parseJson(data);
    const frame = terminalDownSchema.safeParse(parsed.ok ? parsed.value : undefined);
    if (frame.success) hear(frame.data);
  });
  socket.addEventListener('close', () => {
    end({ type: 'error', message: 'The terminal was closed. It may be open in another page, or the server is away.' });
  });
  return () => {
    isOver = true;
    resizing.disconnect();
    socket.close();
    terminal.dispose();
  };
}

function toUrl(backend: string, { cols, rows }: Terminal): string {
  const query = new URLSearchParams({ backend, cols: String(cols), rows: String(rows) });
  return `${location.origin.replace(/^http/, 'ws')}${API_PREFIX}${TERMINAL_PATH}?${query.toString()}`;
}

// The colours of the house, as the browser has worked them out for light or dark.
function readTheme(box: HTMLElement): ITheme {
  const probe = document.createElement('span');
  // Else the first colour is on its way to the second for a moment, and is what is read.
  probe.style.transition = 'none';
  box.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return toHex(getComputedStyle(probe).color);
  };
  const [ink, ground, quiet, accent] = [read('ink'), read('sunken'), read('ink-3'), read('accent')];
  const [red, green, yellow] = [read('failed'), read('added'), read('waiting')];
  probe.remove();
  return {
    ...{
      foreground: ink,
      background: ground,
      cursor: accent,
      cursorAccent: ground,
      selectionBackground: `${accent}44`,
    },
    ...{ black: ground, red, green, yellow, blue: accent, magenta: accent, cyan: accent, white: ink },
    ...{ brightBlack: quiet, brightRed: red, brightGreen: green, brightYellow: yellow },
    ...{ brightBlue: accent, brightMagenta: accent, brightCyan: accent, brightWhite: ink },
  };
}

// The terminal does not know `oklch()`; a canvas does.
function toHex(colour: string): string {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return '#888888';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
