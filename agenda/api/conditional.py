"""Answers that a reader has already are not sent again: ETag and If-None-Match (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response


class Conditional:
    """For a view: what is read has an ETag made of its very bytes, and is asked for again before it is used again."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Mark the answer once it is rendered; 304 where it is the one named in If-None-Match."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        patch_vary_headers(answer, ["Accept-Language"])
        answer.headers.setdefault("Cache-Control", "no-cache")

        def mark(rendered: Response) -> HttpResponseBase | None:
            tag = f'"{hashlib.blake2b(rendered.content, digest_size=16).hexdigest()}"'
            rendered.headers["ETag"] = tag
            return get_conditional_response(request._request, etag=tag, response=rendered)

        if answer.status_code == 200 and request.method in {"GET", "HEAD"}:
            answer.add_post_render_callback(mark)
        return answer
