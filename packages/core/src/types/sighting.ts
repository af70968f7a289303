/**
 * One place where a credential was seen. `path` is relative to the target's root, with `/`; for messages it is empty.
 * Lines and columns as in Hit.
 */
interface At {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Decoders that had to be undone there, outermost first. */
  readonly decoded?: readonly string[];
}

export interface CommitRef {
  readonly commit: string;
  readonly author: string;
  /** Never written to reports other than the gitleaks-compatible ones. */
  readonly email: string;
  /** ISO 8601, author date, UTC. */
  readonly date: string;
  readonly message: string;
}

export interface FileSighting extends At {
  readonly kind: 'file' | 'stdin';
  readonly path: string;
}

/** In the index, about to be committed. */
export interface StagedSighting extends At {
  readonly kind: 'staged';
  readonly path: string;
  /** Other paths in the parents that already hold the credential. */
  readonly alreadyIn?: readonly string[];
}

export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** An interval in history: from the first commit that brought the credential in on this path to the one that removed it. */
export interface GitSighting extends At, CommitRef {
  readonly kind: 'git';
  readonly path: string;
  /** Object id of the text at `commit`. */
  readonly blob: string;
  /** Last commit that changed the path while it held the credential. */
  readonly last?: CommitRef;
  /** The commit that took it out; absent while it is still there. */
  readonly removed?: CommitRef;
  /** In the tree of HEAD now. */
  readonly inHead: boolean;
  /** Where it stands in HEAD, if it has moved since `commit`. */
  readonly headPlace?: Place;
  /** Names of branch tips that hold it on this path, at most ten, sorted. */
  readonly branches: readonly string[];
}

export interface MessageSighting extends At, CommitRef {
  readonly kind: 'commit-message' | 'tag-message';
  readonly path: '';
  /** The tag's name. */
  readonly tag?: string;
}

/** A text that no commit leads to. */
export interface UnreachableSighting extends At {
  readonly kind: 'git-unreachable';
  readonly path: '';
  readonly blob: string;
}

/** A text of the repository of which it was not told, in time or at all, what leads to it. */
export interface UnplacedSighting extends At {
  readonly kind: 'git-object';
  readonly path: '';
  readonly blob: string;
}

export type Sighting =
  | FileSighting
  | StagedSighting
  | GitSighting
  | MessageSighting
  | UnreachableSighting
  | UnplacedSighting;
