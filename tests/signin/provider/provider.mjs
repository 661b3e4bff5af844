// A real OpenID Connect provider (panva's oidc-provider, certified by the OpenID Foundation) with made-up people.
// node provider.mjs MODULE PORT REDIRECT_URI; PEOPLE holds {"ada": {"email": "…", "groups": ["desk"]}}.
const [module, port, redirect] = process.argv.slice(2);
const { Provider } = await import(module);
const people = JSON.parse(process.env.PEOPLE);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'agenda', client_secret: 'a secret of the provider', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'name', 'groups'] },
  pkce: { required: () => true },
  findAccount: (_request, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
