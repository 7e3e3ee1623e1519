export interface LockEntry {
  version: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}
export interface Platform {
  os?: readonly string[];
  cpu?: readonly string[];
  libc?: readonly string[];
}
export declare function readPlatform(name: string): Platform;
export declare function findMissing(lock: {
  packages: Record<string, LockEntry>;
}): Record<string, LockEntry & Platform>;
