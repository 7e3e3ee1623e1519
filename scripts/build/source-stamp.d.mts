export type Part = 'web' | 'command';
export declare const OUTPUT: string;
export declare const PARTS: Record<Part, readonly string[]>;
export declare function toSourceStamp(root: string, part: Part): string;
export declare function findStaleParts(root: string): Part[];
export declare function writeSourceStamp(root: string, part: Part, stamp: string): void;
