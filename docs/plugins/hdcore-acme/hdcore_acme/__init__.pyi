"""Encapsulated PDF documents."""

from .document import EncapsulatedPDF as EncapsulatedPDF
