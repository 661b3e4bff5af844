"""What the API keeps of its own: answers that were given under an Idempotency-Key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """The answer to one POST of one holder under one key. `status` is null as long as it is being made.

    `holder` is a token or a user who is signed in, `asked` a digest of what was sent. An answer that holds a secret is
    kept without its `body`.
    """

    holder = models.CharField(max_length=50)
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=2000, blank=True)
    is_secret = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "kept answer"
        verbose_name_plural = "kept answers"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["holder", "key", "path"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.path}"
