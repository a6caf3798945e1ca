"""Lays a harmless variation over a conversation."""

from collections.abc import Iterable
from dataclasses import replace

from harness.judge.shown import turned
from harness.judge.vocabulary import response_of
from harness.model.exchange import HttpExchange, Transcript
from harness.spec.openapi import Document
from tests.proofs.variations import Variation


def laid_over(variation: Variation, transcripts: Iterable[Transcript], document: Document) -> tuple[Transcript, ...]:
    """The conversation with every answer, and every body of a request, in the other form."""
    return tuple(
        replace(transcript, exchanges=tuple(_varied(variation, one, document) for one in transcript.exchanges))
        for transcript in transcripts
    )


def _varied(variation: Variation, exchange: HttpExchange, document: Document) -> HttpExchange:
    operation = document.operation_by_id(exchange.operation) if exchange.operation else None
    body = exchange.request.body
    if body.raw and not body.faults and operation is not None and operation.request is not None:
        written = variation.change(response_of(turned(exchange)), operation.request)
        if written is not None:
            request = replace(exchange.request, headers=written.headers, body=written.body)
            exchange = replace(exchange, request=request)
    if exchange.response is None:
        return exchange
    schema = operation.answer(exchange.response.status) if operation else None
    varied = variation.change(exchange.response, schema)
    return exchange if varied is None else replace(exchange, response=varied)
