import { relative, resolve } from 'node:path';
import { addToIgnoreFile, isCredentialId, isDate, saltTag, tagOfId } from '@unleak/core';
import { IGNORE } from '../flags/commands.ts';
import type { Values } from '../flags/flag.ts';
import type { Io } from '../io.ts';
import { readJsonReport, type ReportedFinding } from '../read-json-report.ts';
import { readIfThere } from '../read-if-there.ts';
import { messagesFor, resolvedFor } from '../settings-session.ts';
import { repositoryAround } from '../repository-around.ts';
import { writeWhole } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';

export async function ignoreCommand(
  values: Values<typeof IGNORE.flags>,
  [id = '']: readonly string[],
  io: Io,
): Promise<number> {
  if (!isCredentialId(id)) throw new UsageError(`'${id.slice(0, 60)}' is no finding id: reports show it as c1_…`);
  if (values.until !== undefined && !isDate(values.until))
    throw new UsageError(`--until takes a day such as 2027-01-31, not '${values.until}'`);
  // In a repository the top level, where hooks and scans look.
  const top = (await repositoryAround(io.cwd))?.worktree ?? io.cwd;
  const { config } = await resolvedFor(IGNORE.flags, values, top, io, 'ignore-file');
  const tag = saltTag(config.project.salt);
  if (tagOfId(id) !== tag)
    throw new UsageError(
      `${id} was made with another salt (${tagOfId(id) ?? ''}; this project has ${tag}): run this where the scan ran, with the same configuration`,
    );

  const configured = config.ignoreFile;
  const path =
    values.file === undefined
      ? resolve(top, configured?.inTarget === false ? resolve(io.cwd, configured.path) : (configured?.path ?? FILE))
      : resolve(io.cwd, values.file);
  const known =
    values.report === undefined
      ? undefined
      : (await readJsonReport(values.report, io)).findings.find((finding) => finding.id === id);
  if (values.report !== undefined && known === undefined)
    throw new UsageError(`${values.report}: no finding has the id ${id}`);
  const name = values.file ?? (top === io.cwd ? (configured?.name ?? FILE) : relative(io.cwd, path));
  const entry = {
    credential: id,
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(values.owner === undefined ? {} : { owner: values.owner }),
    ...(values.until === undefined ? {} : { until: values.until }),
    ...(known === undefined ? {} : { remark: known.ruleId }),
  };
  await writeWhole(path, [addToIgnoreFile(name, await readIfThere(path), entry, tag)]);
  messagesFor(values, io).tell(
    `${name}: ${id} is accepted${values.until === undefined ? '' : ` until ${values.until}`}; ${covers(known)}`,
  );
  return 0;
}

const FILE = '.unleakignore';

function covers(finding: ReportedFinding | undefined): string {
  if (finding === undefined) return 'it covers every place of the credential (--report FILE tells how many)';
  return finding.sightingCount === 1 ? 'it covers 1 place' : `it covers ${finding.sightingCount} places`;
}
