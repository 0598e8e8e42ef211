"""What to look for in an article: rules that find indicators, brands and activities."""
