/** What GitHub does for each call that the action makes: from request and state to an answer. */
import { gunzipSync } from 'node:zlib';
import { parseAs } from '../../support/json.ts';
import { codeScanningOff, notAccessible, notFound, plainError, validationFailed, type Answer } from './answers.ts';
import type { FakeState, StoredComment } from './state.ts';

export interface Request {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Where the fake is, for links. */
  readonly url: string;
  /** Without query. */
  readonly path: string;
  readonly example: (status: number) => Readonly<Record<string, unknown>>;
}

type Handler = (request: Request, state: FakeState) => Answer;

export const HANDLERS: Readonly<Record<string, Handler>> = {
  'repos/get': inRepository((request, state) => {
    if (state.token.permissions.contents === 'none') return notFound();
    // The official example is not as the official schema says: its repositories have no language.
    const { source: _source, parent: _parent, ...example } = request.example(200);
    return { status: 200, body: { ...example, language: null, default_branch: state.defaultBranch } };
  }),

  'repos/compare-commits-with-basehead': inRepository((request, state) => {
    if (state.token.permissions.contents === 'none') return notAccessible('contents=read');
    const known = state.comparisons[request.parameters['basehead'] ?? ''];
    if (known === undefined) return notFound();
    const example = request.example(200);
    const mergeBase = { ...(example['merge_base_commit'] as object), sha: known.mergeBase };
    return { status: 200, body: { ...example, merge_base_commit: mergeBase, ahead_by: known.aheadBy } };
  }),

  'issues/list-comments': inRepository((request, state) => {
    if (state.token.permissions.pullRequests === 'none') return notAccessible('issues=read; pull_requests=read');
    const issue = Number(request.parameters['issue_number']);
    if (!state.issues.includes(issue)) return notFound();
    const size = Math.min(100, Number(request.query.get('per_page') ?? '30'));
    const page = Number(request.query.get('page') ?? '1');
    const all = state.comments.filter((comment) => comment.issue === issue);
    const pages = Math.ceil(all.length / size);
    const to = (number: number): string => `${request.url}${request.path}?per_page=${size}&page=${number}`;
    return {
      status: 200,
      ...(page < pages ? { headers: { link: `<${to(page + 1)}>; rel="next", <${to(pages)}>; rel="last"` } } : {}),
      body: all.slice((page - 1) * size, page * size).map((comment) => commentBody(comment, request, 200)),
    };
  }),

  'issues/create-comment': inRepository((request, state) => {
    if (state.token.permissions.pullRequests !== 'write') return notAccessible('issues=write; pull_requests=write');
    const issue = Number(request.parameters['issue_number']);
    if (!state.issues.includes(issue)) return notFound();
    const { body } = request.body as { readonly body: string };
    const refused = refusedComment(body);
    if (refused !== undefined) return refused;
    const id = Math.max(0, ...state.comments.map((comment) => comment.id)) + 1;
    const comment: StoredComment = { id, issue, body, author: state.token.login, updates: 0 };
    state.comments.push(comment);
    return { status: 201, body: commentBody(comment, request, 201) };
  }),

  'issues/update-comment': inRepository((request, state) => {
    if (state.token.permissions.pullRequests !== 'write') return notAccessible('issues=write; pull_requests=write');
    const comment = state.comments.find(({ id }) => id === Number(request.parameters['comment_id']));
    if (comment === undefined) return notFound();
    const { body } = request.body as { readonly body: string };
    const refused = refusedComment(body);
    if (refused !== undefined) return refused;
    comment.body = body;
    comment.updates++;
    return { status: 200, body: commentBody(comment, request, 200) };
  }),

  'code-scanning/upload-sarif': inRepository((request, state) => {
    if (state.token.permissions.securityEvents !== 'write') return notAccessible('security_events=write');
    if (!state.codeScanning) return codeScanningOff();
    const upload = request.body as {
      readonly commit_sha: string;
      readonly ref: string;
      readonly sarif: string;
      readonly tool_name?: string;
    };
    const packed = Buffer.from(upload.sarif, 'base64');
    if (packed.length > 10_000_000) return plainError(413, 'Payload too large');
    const sarif = gunzipSync(packed).toString('utf8');
    const refused = refusedSarif(sarif);
    if (refused !== undefined) return plainError(400, refused);
    state.sarifs.push({ ref: upload.ref, commit: upload.commit_sha, tool: upload.tool_name, sarif });
    return {
      status: 202,
      body: { id: `sarif-${state.sarifs.length}`, url: `${request.url}${request.path}/sarif-${state.sarifs.length}` },
    };
  }),
};

function inRepository(handler: Handler): Handler {
  return (request, state) =>
    request.parameters['owner'] === state.owner && request.parameters['repo'] === state.name
      ? handler(request, state)
      : notFound();
}

function refusedComment(body: string): Answer | undefined {
  if (body.trim() === '') return validationFailed('IssueComment', 'body', 'Body cannot be blank');
  return [...body].length > 65_536
    ? validationFailed('IssueComment', 'body', 'Body is too long (maximum is 65536 characters)')
    : undefined;
}

function commentBody({ id, issue, body, author }: StoredComment, request: Request, status: number): unknown {
  const given: unknown = request.example(status);
  const example = (Array.isArray(given) ? given[0] : given) as Readonly<Record<string, unknown>>;
  const repository = request.path.split('/').slice(0, 4).join('/');
  return {
    ...example,
    id,
    url: `${request.url}${repository}/issues/comments/${id}`,
    issue_url: `${request.url}${repository}/issues/${issue}`,
    body,
    user: { ...(example['user'] as object), login: author, type: author.endsWith('[bot]') ? 'Bot' : 'User' },
  };
}

interface Sarif {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules?: readonly { readonly properties?: { readonly tags?: readonly string[] } }[] };
    };
    readonly results: readonly {
      readonly locations: readonly unknown[];
      readonly relatedLocations?: readonly unknown[];
    }[];
  }[];
}

/** The limits that GitHub documents for SARIF files. */
function refusedSarif(text: string): string | undefined {
  const { runs } = parseAs<Sarif>(text);
  if (runs.length > 20) return 'rejecting SARIF, as there are more runs than allowed';
  for (const { tool, results } of runs) {
    if (results.length > 25_000) return 'rejecting SARIF, as there are more results per run than allowed';
    const rules = tool.driver.rules ?? [];
    if (rules.length > 25_000) return 'rejecting SARIF, as there are more rules per run than allowed';
    if (rules.some((rule) => (rule.properties?.tags?.length ?? 0) > 20)) {
      return 'rejecting SARIF, as there are more tags per rule than allowed';
    }
    if (results.some((each) => each.locations.length + (each.relatedLocations?.length ?? 0) > 1000)) {
      return 'rejecting SARIF, as there are more locations per result than allowed';
    }
  }
  return undefined;
}
