const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/**
 * The page where somebody says who they are.
 * @param fields go back with the form.
 * @param trouble what was wrong last time.
 */
export function signInPage(fields: Readonly<Record<string, string>>, trouble?: string): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in to the sandbox</title>
<h1>Sign in to the sandbox</h1>
<p>The sandbox has no passwords: a token says who you are.
<code>workshop sandbox --as you@example.com --port …</code> prints one.</p>
${trouble === undefined ? '' : `<p role="alert">${escaped(trouble)}</p>`}
<form method="post" action="/oidc/v1/authorize">
${hidden.join('\n')}
<label>Token <input name="token" type="password" autocomplete="off" autofocus required></label>
<button>Sign in</button>
</form>
</html>
`;
}
