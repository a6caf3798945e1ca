"use strict";
// ?document=/_harness/v1/systems/ndw/push.json shows the document of a mocked API instead: of this address only.
const wanted = new URLSearchParams(location.search).get("document") || "";
const own = wanted.startsWith("/_harness/v1/systems/");
SwaggerUIBundle({
  url: own ? wanted : "/_harness/v1/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  supportedSubmitMethods: own ? [] : ["get", "put", "post", "delete"],
});
