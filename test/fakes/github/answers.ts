/** Answers in GitHub's words. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const DOCS = 'https://docs.github.com/rest';

export function badCredentials(): Answer {
  return { status: 401, body: { message: 'Bad credentials', documentation_url: DOCS, status: '401' } };
}

export function notFound(): Answer {
  return { status: 404, body: { message: 'Not Found', documentation_url: DOCS, status: '404' } };
}

export function notAccessible(permissions: string): Answer {
  return {
    status: 403,
    headers: { 'x-accepted-github-permissions': permissions },
    body: { message: 'Resource not accessible by integration', documentation_url: DOCS, status: '403' },
  };
}

export function codeScanningOff(): Answer {
  return {
    status: 403,
    body: {
      message: 'Code Security must be enabled for this repository to use code scanning.',
      documentation_url: `${DOCS}/code-scanning/code-scanning#upload-an-analysis-as-sarif-data`,
    },
  };
}

export function validationFailed(resource: string, field: string, message: string): Answer {
  return {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ resource, code: 'unprocessable', field, message }],
      documentation_url: DOCS,
    },
  };
}

export function secondaryLimit(retryAfter: number): Answer {
  return {
    status: 403,
    headers: { 'retry-after': String(retryAfter) },
    body: {
      message:
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
      documentation_url: `${DOCS}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`,
    },
  };
}

/** Nothing is left until `reset`, in seconds of Unix time. */
export function primaryLimit(reset: number): Answer {
  return {
    status: 403,
    headers: { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
    body: {
      message: 'API rate limit exceeded for installation ID 1.',
      documentation_url: `${DOCS}/overview/rate-limits-for-the-rest-api`,
    },
  };
}

export function plainError(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: DOCS } };
}

/** As GraphQL answers who may not ask. */
export function graphqlRefusal(): Answer {
  return {
    status: 200,
    body: {
      data: { viewer: null },
      errors: [{ type: 'FORBIDDEN', path: ['viewer'], message: 'Resource not accessible by integration' }],
    },
  };
}
