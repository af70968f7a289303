/** The part of the JSON report that end-to-end tests look at. */
export interface JsonReport {
  readonly findings: readonly JsonFinding[];
  readonly suppressed: readonly (JsonFinding & {
    readonly suppressed: { readonly by: string; readonly reason?: string };
  })[];
  readonly notScanned: readonly {
    readonly state: string;
    readonly reason: string;
    readonly where: string;
    readonly detail?: string;
    readonly count?: number;
  }[];
  readonly summary: {
    readonly complete: boolean;
    readonly interrupted: boolean;
    readonly texts: number;
    readonly excluded: Readonly<Record<string, number>>;
    readonly failed: Readonly<Record<string, number>>;
    readonly facts: Readonly<Record<string, unknown>>;
    readonly expiredEntries: readonly { readonly text: string }[];
    readonly unusedEntries: readonly { readonly text: string }[];
  };
}

export interface JsonFinding {
  readonly id: string;
  readonly ruleId: string;
  readonly secret: string;
  readonly confidence: string;
  readonly sightings: readonly {
    readonly kind: string;
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly commit?: string;
    readonly inHead?: boolean;
    readonly alreadyIn?: readonly string[];
  }[];
}

export function readJsonReport(stdout: string): JsonReport {
  return JSON.parse(stdout) as JsonReport;
}

/** `path:line` of every sighting, in order. */
export function places(report: JsonReport): readonly string[] {
  return report.findings.flatMap((finding) => finding.sightings.map((sighting) => `${sighting.path}:${sighting.line}`));
}
