/** The docs page itself: the library does the rest. */
export const shell = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ganglion API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/style.css">
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/initialise.js"></script>
</body>
</html>
`;

/** `validatorUrl: null` keeps the document from being sent to another host. The key stays in the reader's browser. */
export const initialise = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
});
`;

export const style = `body { margin: 0; background: #fff; }
.swagger-ui .info { margin: 2.5rem 0 1.5rem; }
.swagger-ui .scheme-container { box-shadow: none; border-bottom: 1px solid #d8dde7; padding: 1rem 0; }
`;
