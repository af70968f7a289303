import { dirname } from 'node:path';

/**
 * Uploads a file as an artifact of the run. The library asks the runner's environment for the service and its token; it
 * is loaded when it is used, since few runs do. @throws Error with one line that says why
 */
export async function uploadArtifact(name: string, file: string): Promise<void> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  await new DefaultArtifactClient().uploadArtifact(name, [file], dirname(file));
}
