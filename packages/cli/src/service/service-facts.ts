/** What the text of a service is made of. */
export interface ServiceFacts {
  /** The Node that runs now, and the program it runs, both by absolute path. */
  node: string;
  program: string;
  dataDir: string;
  /** Where agents are looked for: services start with hardly any PATH. */
  path: string;
  home: string;
  /** Whether the system's `systemd-notify` is there to speak for us. */
  canNotify: boolean;
}

/** Never with the link that signs a browser in: what a service prints is kept where others may read it. */
export const SERVE_ARGS = ['serve', '--no-link'] as const;
