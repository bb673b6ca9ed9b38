// Addresses of workers, which the page's policy wants to be checked (Trusted Types).
const own = {
  createScriptURL: (url) => {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError("a worker of ours only");
    return url;
  },
};

export const policy = window.trustedTypes?.createPolicy("convive-door", own) ?? own;
