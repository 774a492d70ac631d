"""FastAPI on uvicorn (uvloop, httptools): see README.md for the settings that were tried."""

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from models import KIND, load_model

app = FastAPI()
model = load_model()
FIELD = {"tabular": "features", "text": "text"}


def content_of(body: bytes) -> Any:
    return body if KIND == "image" else orjson.loads(body)[FIELD[KIND]]


@app.post("/predict")
async def predict(request: Request) -> Response:
    prepared = model.prepare(content_of(await request.body()))
    return Response(orjson.dumps(model.run([prepared])[0]), media_type="application/json")
